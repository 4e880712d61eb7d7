VALUE = "a tool"
