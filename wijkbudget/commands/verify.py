"""`wijkbudget verify PACKAGE`: checks the published package of a round."""

from hashlib import sha256
from pathlib import Path

import click

from ..results.container import Broken, unpack
from ..results.manifest import SIGNATURE, Seal
from ..results.published import Finding
from ..results.verification import LARGEST_PACKAGE, NotAPackage, checks

KEY_BYTES = 32
PASSED, NOTE, FAILED = "✓", "·", "✗"


class NoPackage(click.ClickException):
    """The file is something else."""

    exit_code = 2


def read_key(context: click.Context, option: click.Parameter, text: str | None) -> bytes | None:
    """A public key in hexadecimal."""
    try:
        key = None if text is None else bytes.fromhex(text)
    except ValueError as error:
        raise click.BadParameter("a key is 64 hexadecimal digits", context, option) from error
    if key is not None and len(key) != KEY_BYTES:
        raise click.BadParameter("a key is 64 hexadecimal digits", context, option)
    return key


@click.command()
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", callback=read_key, metavar="HEX", help="The city's public key, as its site tells it.")
def verify(package: Path, key: bytes | None) -> None:
    """Check the PACKAGE of a round: that it is whole and signed, adds up, and counts to the same winners."""
    if package.stat().st_size > LARGEST_PACKAGE:
        raise NoPackage(f"{package.name} is larger than the package of a round can be")
    data = package.read_bytes()
    try:
        for finding in checks(data, key=key):
            click.echo(line_of(finding))
    except NotAPackage as error:
        raise NoPackage(f"{package.name} is not the package of a round: {error}") from error
    except Broken as broken:
        click.echo(f"{FAILED} {broken.where}: {broken.why}")
        click.echo("This package is NOT right.")
        raise click.exceptions.Exit(1) from broken
    click.echo(whose(Seal.parse(unpack(data)[SIGNATURE]).public_key, is_known=key is not None))
    click.echo("The package is right.")


def line_of(finding: Finding) -> str:
    """A check that passed, or a note."""
    return f"{NOTE if finding.is_note else PASSED} {finding.told}"


def whose(public_key: bytes, *, is_known: bool) -> str:
    """What the signature proves."""
    told = f"Fingerprint of the key: {sha256(public_key).hexdigest()}"
    if is_known:
        return f"{told}\nIt is the key that you gave."
    return (
        f"{told}\nThe signature only proves that nobody but the holder of this key changed the package since it was"
        " signed. Compare the fingerprint with the one on the city's site, or give the city's key with --key."
    )
