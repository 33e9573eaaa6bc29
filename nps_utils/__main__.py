"""`python -m nps_utils` is the command `nps`."""

from nps_utils.cli import main

if __name__ == "__main__":
    main()
