<title>${self.title()}</title>
${self.body()}
