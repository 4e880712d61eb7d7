# -*- coding: latin-1 -*-
VALUE = "latin é"
