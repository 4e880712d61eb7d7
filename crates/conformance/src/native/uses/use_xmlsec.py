import lxml.etree
import xmlsec


def use():
    template = lxml.etree.fromstring("<a><b>text</b></a>")
    node = xmlsec.template.create(template, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.HMAC_SHA256)
    template.append(node)
    reference = xmlsec.template.add_reference(node, xmlsec.Transform.SHA256)
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    key = xmlsec.Key.from_binary_data(xmlsec.KeyData.HMAC, b"secret" * 4)
    context = xmlsec.SignatureContext()
    context.key = key
    context.sign(node)
    value = template.findtext(".//{*}SignatureValue")
    check = xmlsec.SignatureContext()
    check.key = key
    check.verify(node)
    return [value.strip(), xmlsec.get_libxmlsec_version()]
