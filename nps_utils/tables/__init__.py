"""The one place where numbers become words: tables as a page shows them, and sentences computed from results.

One module per page, under the page's name, loaded when first used: `tables.change.mix_or_real(...)`.
"""

from nps_utils.lazy import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
