"""What is read from elsewhere: files come in and out, and everything can be read once more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ai import actions, listing, shelf
from ai.forms import MOST_FILES, UploadForm
from ai.models import SourceKind
from ai.reading.troubles import Unreadable
from ai.views.sources import source_for
from minichat.lib import throttle
from minichat.lib.bodies import takes_many_files
from minichat.lib.errors import Conflict, NotFound, PlanLimit
from minichat.lib.files.refusals import FileRefused
from workspaces.decorators import MemberRequest, member
from workspaces.roles import Role

FILES_PER_QUARTER = 200
READINGS_PER_QUARTER = 60


@takes_many_files(MOST_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
@member(Role.ADMIN)
def create_files(request: MemberRequest) -> HttpResponse:
    """What can be taken is taken; what cannot is named, each with its reason."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        added = sum(_is_added(request, form, file) for file in form.cleaned_data["chosen"])
        if added:
            said = ngettext(
                "%(n)d file added. It is being read now.", "%(n)d files added. They are being read now.", added
            )
            messages.success(request, said % {"n": added})
        if not form.errors:
            return redirect("knowledge-files", request.workspace.slug)
    context = {"form": form, "kind": SourceKind.FILE.value, "list_name": "knowledge-files", "source": None}
    return render(request, "ai/form.html", context, status=422 if form.errors else 200)


@require_safe
@member(Role.VIEWER)
def download(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The file as it came, to be saved."""
    return redirect(shelf.link(get_object_or_404(request.workspace.knowledge_sources.of_kind(SourceKind.FILE), pk=pk)))


@require_POST
@member(Role.ADMIN)
def read_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    throttle.hit("read-again", str(request.membership.pk), READINGS_PER_QUARTER, 15 * 60)
    source = source_for(request, pk)
    if source.kind not in (SourceKind.FILE, SourceKind.PAGE):
        raise NotFound
    try:
        actions.read_again(source, by=request.membership)
        messages.success(request, _("“%(title)s” is being read again.") % {"title": source.title})
    except Conflict as error:
        messages.error(request, error.detail)
    return redirect("knowledge-source", request.workspace.slug, source.pk)


def _is_added(request: MemberRequest, form: UploadForm, file: UploadedFile) -> bool:
    throttle.hit("knowledge-file", str(request.membership.pk), FILES_PER_QUARTER, 15 * 60)
    try:
        actions.add_file(request.membership, file=file, name=file.name or "")
    except Unreadable as trouble:
        problem = str(listing.problem_of(trouble.word, SourceKind.FILE))
    except FileRefused as refusal:
        problem = refusal.detail
    except PlanLimit as limit:
        if len(form.cleaned_data["chosen"]) == 1:  # a page of its own says more
            raise
        problem = limit.detail
    else:
        return True
    form.errors.setdefault("chosen", form.error_class(renderer=form.renderer)).append(
        _("“%(name)s”: %(problem)s") % {"name": file.name, "problem": problem}
    )
    return False
