"""The commands of `wijkbudget`, one module each; wijkbudget/cli.py puts them together."""
