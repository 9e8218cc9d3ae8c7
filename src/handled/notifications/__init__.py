"""What the business and its customers are told by mail: typed messages, their rendering, and the senders."""
