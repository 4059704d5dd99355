"""Cards, the buttons that outlive a restart, and the publisher that posts them."""
