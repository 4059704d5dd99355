"""What happens by itself: the table of jobs, and the clockwork that runs each slot once, in whatever process."""
