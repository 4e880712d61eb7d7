import nh3


def use():
    return [nh3.clean("<b onclick=x>a<script>1</script></b>"), nh3.clean_text("a<b>")]
