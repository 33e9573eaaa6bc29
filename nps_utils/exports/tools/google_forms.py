"""Google Forms: a timestamp in the form's language, then the questions as they were written."""

from nps_utils.exports.tools.tool import Tool, sign

_TIMESTAMP = (
    "Timestamp", "Tidsstempel", "Tidstempel", "Tidsstämpel", "Tidstämpel", "Tidsmerke", "Tijdstempel", "Zeitstempel",
    "Horodateur", "Horodatage", "Marca temporal", "Carimbo de data/hora", "Informazioni cronologiche", "Aikaleima",
)  # fmt: skip
_EMAIL = (
    "Email Address", "Username", "E-postadresse", "E-postadress", "Mailadresse", "E-mailadresse", "E-mailadres",
    "E-Mail-Adresse", "Adresse e-mail", "Dirección de correo electrónico", "Endereço de e-mail",
)  # fmt: skip

TOOL = Tool(
    name="google_forms",
    title="Google Forms",
    signs=tuple(sign(name) for name in _TIMESTAMP),
    columns={"responded_at": _TIMESTAMP, "email": _EMAIL},
    sign_is_first=True,
    english_dates=("Timestamp",),
)
