"""`python -m contrib`, for those whose system does not find `contrib`."""

from contrib.cli import main

if __name__ == "__main__":
    main()
