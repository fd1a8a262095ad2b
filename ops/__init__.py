"""What ``make`` runs: setting up, starting, testing and checking. Standard library only."""
