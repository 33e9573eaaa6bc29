"""The way in of money: a ledger of amounts, of movements or of years becomes one table of accounts and periods."""
