"""`python -m nps_utils.report`: refresh the stored outputs of the notebooks on the demo."""

from nps_utils.report.build import refresh_notebooks

if __name__ == "__main__":
    refresh_notebooks()
