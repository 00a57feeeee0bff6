"""`python -m contrib`: the command line.

The processes that serve starts come by here too, and take only what they need.
"""

if __name__ == "__main__":
    from contrib.cli import main

    main()
