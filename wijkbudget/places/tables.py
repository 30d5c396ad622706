"""Districts, neighbourhoods and postcodes."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..database import Table


class District(Table):
    """A stadsdeel."""

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)


class Neighbourhood(Table):
    """A wijk, as CBS counts it; `inhabitants` may be 0 (Oostduinen)."""

    __tablename__ = "neighbourhood"
    __table_args__ = (CheckConstraint("inhabitants >= 0", name="inhabitants"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    number: Mapped[int]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    inhabitants: Mapped[int]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    district: Mapped[District] = relationship(lazy="joined", innerjoin=True)


class Postcode(Table):
    """A postcode of six symbols and the neighbourhood in which it lies."""

    __tablename__ = "postcode"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    neighbourhood_id: Mapped[int] = mapped_column(ForeignKey("neighbourhood.id"), index=True)
