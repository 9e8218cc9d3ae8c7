"""The customer's side of the API: `/v1/public`."""
