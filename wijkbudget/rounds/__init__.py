"""A round of participatory budgeting: its area, schedule, rules and electorate."""
