"""`python -m nps_utils.stats.validation`: make the evidence anew and keep it, with the modules it needed."""

from nps_utils.stats.validation.kept import keep, loaded_modules
from nps_utils.stats.validation.promises import make_evidence

if __name__ == "__main__":
    keep(make_evidence()._asdict(), loaded_modules())
