VALUE = "further"
