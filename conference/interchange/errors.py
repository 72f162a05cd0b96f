"""What an exchange of schedules refuses, each with the way out. `line` is the file's, counted from 1."""

from conference.core.errors import N_, DomainError


class ScheduleTooLargeError(DomainError):
    """The file has more bytes than are read, or more sessions than fit."""

    sentence = N_(
        "This file is larger than %(megabytes)s MB or holds more than %(sessions)s sessions. Send it in parts."
    )
    status = 413


class ScheduleUnreadableError(DomainError):
    """The file is no schedule that is known here."""

    sentence = N_(
        "This file is no schedule that can be read. Send schedule.xml, schedule.json, CSV in UTF-8 or XLSX."
    )


class MalformedError(DomainError):
    """The text breaks the rules of XML or JSON."""

    sentence = N_("Line %(line)s: the file is broken here (%(reason)s). Export it again, or mend this line.")


class ConflictMarkersError(DomainError):
    """A version control system left its marks of a conflict in the file."""

    sentence = N_(
        "Line %(line)s: git left marks of a conflict here. Decide for one of the two sides, and send the file again."
    )


class DeclarationError(DomainError):
    """The file declares a document type or an entity, by which it could grow or read other files."""

    sentence = N_(
        "Line %(line)s: the file declares a document type or an entity, which a schedule needs not. Take the declaration out."
    )


class TooDeepError(DomainError):
    """Elements or values lie inside each other deeper than in any schedule."""

    sentence = N_("Line %(line)s: more than %(most)s levels lie inside each other. Export the file again.")


class ValueRefusedError(DomainError):
    """A value has not the form that its field needs."""

    sentence = N_("Line %(line)s: %(name)s is “%(value)s”. Write it as in %(example)s.")


class ValueMissingError(DomainError):
    """A session lacks what each must have."""

    sentence = N_("Line %(line)s: this session has no %(name)s. Add it.")


class TextTooLongError(DomainError):
    """A text is longer than its field."""

    sentence = N_("Line %(line)s: %(name)s has %(length)s characters; %(limit)s fit. Shorten it.")


class TooManyError(DomainError):
    """The file names more rooms, tracks or people than any conference has."""

    sentence = N_("The file names %(count)s %(name)s; %(limit)s fit. Import it in parts, or take some out.")


class DurationRefusedError(DomainError):
    """A session would last less than a minute or more than a day."""

    sentence = N_("Line %(line)s: a session of %(minutes)s minutes. It lasts 1 to 1440 minutes.")


class RepeatedIdError(DomainError):
    """Two sessions of the file say that they are the same one."""

    sentence = N_(
        "Line %(line)s: the id %(key)s is already that of the session in line %(first)s. Give each session its own id."
    )


class ZoneUnknownError(DomainError):
    """The file or the command names a time zone that there is not."""

    sentence = N_("There is no time zone called %(zone)s. Write it as in Europe/Stockholm.")


class NoSessionsError(DomainError):
    """The file is a schedule without a session."""

    sentence = N_("This file holds no session, so that there is nothing to import. Export it again.")


class OtherDaysError(DomainError):
    """The file's days are not those of the event, which has sessions and therefore keeps its own."""

    sentence = N_(
        "The sessions of this file are from %(first)s to %(last)s, the conference is from %(event_first)s to %(event_last)s. Say on which day the file's first day is to be, or change the days under Event."
    )


class ShiftOutsideError(DomainError):
    """The file was moved to a day from which not all of it lies within the event."""

    sentence = N_(
        "Moved there, the sessions are from %(first)s to %(last)s, and the conference is from %(event_first)s to %(event_last)s. Choose another day."
    )


class DaysNotYoursError(DomainError):
    """The import would set the event's days, which who asks may not."""

    sentence = N_(
        "The conference would take its days from this file (%(first)s to %(last)s). Only an organiser may change them: ask one, or say on which day the file's first day is to be."
    )
    status = 403


class UnansweredError(DomainError):
    """A name of the file is that of several people, and nobody said which one is meant."""

    sentence = N_(
        "Several people have these names: %(names)s (%(count)s in all). Say for each who it is, or that it is a new person."
    )
    status = 409


class AnswerUnknownError(DomainError):
    """An answer names a person of the file or of the office that there is not."""

    sentence = N_(
        "The answer “%(answer)s” names nobody. Write the name of the file, =, and the person's number or the word new."
    )


class PlanChangedError(DomainError):
    """The draft or the file's plan changed after the dry run that was looked at."""

    sentence = N_(
        "The draft was changed after this page was opened. Look at the list again: nothing was imported."
    )
    status = 409
