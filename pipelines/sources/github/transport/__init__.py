"""How requests reach GitHub: through PyGithub, or without it where nothing but a change is asked for."""
