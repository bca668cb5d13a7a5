from celery import shared_task

from notifications import outbox


@shared_task
def deliver(pk: str) -> None:
    outbox.deliver(pk)


@shared_task
def sweep() -> None:
    """Each minute and at start: what a dead process or an absent queue left behind."""
    for pk in outbox.due():
        outbox.deliver(pk)
