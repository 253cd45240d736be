"""A small network that outlines the vertebral body at the middle of a block of CT. Research use only."""
