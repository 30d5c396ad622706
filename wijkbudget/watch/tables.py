"""What was compared last, and what was wrong then."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..database import Table


class Check(Table):
    """The last time that something was compared; `problem` tells in words what did not agree, since `failing_since`."""

    __tablename__ = "health_check"
    __table_args__ = (CheckConstraint("(problem IS NULL) = (failing_since IS NULL)", name="failure"),)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    checked_at: Mapped[datetime]
    problem: Mapped[str | None] = mapped_column(Text)
    failing_since: Mapped[datetime | None]
