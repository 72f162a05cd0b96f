import click
from flask.cli import with_appcontext

from conference.accounts.factors import reset_factors
from conference.accounts.queries import member_at
from conference.audit.model import BY_SYSTEM
from conference.core.clock import real_now
from conference.db.work import transact


@click.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Take every second factor of an account away, sign it out everywhere, and mail its owner.

    For the last organiser, whom no other one can help. Whoever can run this can read the database anyhow.
    """
    transact(
        lambda session: reset_factors(session, member_at(email, session).id, actor=BY_SYSTEM, now=real_now())
    )
    click.echo(
        f"The account {email} has no second factor now. Sign in with the password, or by a link of `conference staff invite`."
    )
