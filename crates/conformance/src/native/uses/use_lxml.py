import lxml.etree
import lxml.html
import lxml.objectify


def use():
    tree = lxml.etree.fromstring("<a><b n='1'>x</b><b n='2'>y</b></a>")
    style = lxml.etree.XSLT(
        lxml.etree.XML(
            '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
            '<xsl:template match="/"><c><xsl:value-of select="//b[2]"/></c></xsl:template>'
            "</xsl:stylesheet>"
        )
    )
    schema = lxml.etree.RelaxNG(
        lxml.etree.XML('<element name="a" xmlns="http://relaxng.org/ns/structure/1.0"><text/></element>')
    )
    return [
        tree.xpath("//b[@n='2']/text()"),
        str(style(tree)),
        schema.validate(tree),
        lxml.html.fromstring("<p>a<br>b").text_content(),
        lxml.objectify.fromstring("<r><n>5</n></r>").n + 1,
    ]
