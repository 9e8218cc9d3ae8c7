"""handled: the front desk of a small business, as software."""

__version__ = "0.1.0"
