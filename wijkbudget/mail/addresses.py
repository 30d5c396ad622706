"""The addresses of our pages that letters name: paths, which a letter writes after the public address of the site."""


def forgotten_password() -> str:
    """Where somebody asks for a link to set a new password."""
    return "/account/wachtwoord-vergeten"


def confirmation(token: str) -> str:
    """Where an address is confirmed."""
    return f"/account/bevestigen/{token}"


def new_password(token: str) -> str:
    """Where a new password is set."""
    return f"/account/wachtwoord/{token}"


def plan_page(plan_id: int) -> str:
    """The page of a plan."""
    return f"/plannen/{plan_id}"


def result_page(slug: str) -> str:
    """The result of a round, for everybody."""
    return f"/rondes/{slug}/uitslag"


def find_vote(slug: str) -> str:
    """Where a receipt is found again in the urn of a round."""
    return f"/rondes/{slug}/zoek-uw-stem"


def result_to_publish(slug: str) -> str:
    """The result of a round, for officials."""
    return f"/ambtenaar/rondes/{slug}/uitslag"


def round_to_manage(slug: str) -> str:
    """The dashboard of a round, for officials."""
    return f"/ambtenaar/rondes/{slug}"


def health_page() -> str:
    """Where anyone sees whether all is well."""
    return "/gezondheid"


def key_page(slug: str) -> str:
    """The key of a round's urn, for officials."""
    return f"/ambtenaar/rondes/{slug}/sleutel"
