VALUE = "single"
