"""The settings: one frozen value, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

DEMONSTRATION_SECRET = "demonstration-only"  # noqa: S105  (production refuses it)
SHORTEST_SECRET = 32
MAIL_SECURITY = ("starttls", "tls", "none")


class SettingsError(ValueError):
    """Settings are missing or wrong; the text names each of them."""


@dataclass(frozen=True)
class Config:
    """All settings; what is secret stays out of its repr, and so out of logs.

    `mail_folder` takes letters as files instead of SMTP; `development` opens /ontwikkel.
    """

    database_url: str = field(repr=False)  # may hold the password of the database
    secret_key: str = field(repr=False)
    code_pepper: str = field(repr=False)
    key_folder: Path
    public_url: str
    mail_from: str
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_folder: Path | None = None
    proxies: int = 0
    demonstration: bool = False
    development: bool = False

    @classmethod
    def for_development(cls, instance: Path, *, port: int = 8000) -> "Config":
        """Everything in one folder, on SQLite, for one machine; never for production."""
        return cls(
            database_url=f"sqlite:///{instance / 'wijkbudget.db'}",
            secret_key=DEMONSTRATION_SECRET,
            code_pepper=DEMONSTRATION_SECRET,
            key_folder=instance / "keys",
            public_url=f"http://127.0.0.1:{port}",
            mail_from="wijkbudget@example.org",
            mail_folder=instance / "outbox",
            demonstration=True,
            development=True,
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """The settings of production. Raises SettingsError that names every missing or wrong one at once."""
        reader = _Reader(environment)
        config = cls(
            database_url=reader.text("DATABASE_URL"),
            secret_key=reader.secret("SECRET_KEY"),
            code_pepper=reader.secret("CODE_PEPPER"),
            key_folder=reader.folder("KEY_FOLDER"),
            public_url=reader.https_url("PUBLIC_URL"),
            mail_from=reader.text("MAIL_FROM"),
            smtp_host=reader.text("SMTP_HOST"),
            smtp_port=reader.number("SMTP_PORT", 587),
            smtp_security=reader.one_of("SMTP_SECURITY", MAIL_SECURITY),
            smtp_user=environment.get("SMTP_USER", ""),
            smtp_password=environment.get("SMTP_PASSWORD", ""),
            proxies=reader.number("PROXIES", 0),
            demonstration=environment.get("DEMONSTRATION", "") == "yes",
        )
        reader.raise_problems()
        return config


class _Reader:
    """Reads settings and collects what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._problems: list[str] = []

    def text(self, name: str) -> str:
        value = self._environment.get(name, "").strip()
        if not value:
            self._problems.append(f"{name} is missing")
        return value

    def secret(self, name: str) -> str:
        value = self.text(name)
        if value and (value == DEMONSTRATION_SECRET or len(value) < SHORTEST_SECRET):
            self._problems.append(f"{name} must be a secret of your own of at least {SHORTEST_SECRET} symbols")
        return value

    def folder(self, name: str) -> Path:
        value = self.text(name)
        if value and not Path(value).is_dir():
            self._problems.append(f"{name} names no folder")
        return Path(value)

    def https_url(self, name: str) -> str:
        value = self.text(name)
        if value and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname):
            self._problems.append(f"{name} must be an https address")
        return value.rstrip("/")

    def number(self, name: str, default: int) -> int:
        value = self._environment.get(name, str(default))
        if not value.isdecimal():
            self._problems.append(f"{name} must be a whole number")
            return default
        return int(value)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._environment.get(name, allowed[0])
        if value not in allowed:
            self._problems.append(f"{name} must be one of {', '.join(allowed)}")
        return value

    def raise_problems(self) -> None:
        if self._problems:
            raise SettingsError("; ".join(self._problems))
