"""`python -m clientdesk` is the same as `clientdesk`."""

from clientdesk.cli.main import run

if __name__ == "__main__":
    run()
