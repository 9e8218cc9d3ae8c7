"""What machines tell us: verified on the raw body, stored once, answered at once, worked by a job."""
