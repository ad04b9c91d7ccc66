"""The log of an installation: what each of its processes did, a line of JSON each, in files of bounded size."""
