from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"

    def ready(self) -> None:
        from chat import audience, bell, counts, delivered, finders, people, receivers, viewing  # noqa: F401
        from chat.config import Inboxes
        from chat.hub import hub
        from chat.sockets.watch import watch
        from chat.steps import STEPS
        from contacts import listing, panels
        from contacts.audience import narrowings as members
        from contacts.models import narrowings
        from minichat.lib import lifecycle
        from workspaces import config, setup
        from workspaces.finding import finders as palette

        setup.register(*STEPS)
        palette += [finders.people, finders.conversations, finders.messages]
        config.sections.append(Inboxes())
        hub.heard = [counts.touch, bell.touch, delivered.marks.heard, viewing.heard, watch.heard]
        narrowings += [audience.contacts_for, people.worth_showing]
        members.append(people.members_for)
        listing.tallies.append(people.CONVERSATIONS)
        panels.of_contacts.append(people.of_contact)
        panels.of_leads.append(people.of_lead)
        lifecycle.on_start.append(hub.astart)
        lifecycle.on_stop.append(hub.send_away)
        lifecycle.at_end.append(hub.stop)
