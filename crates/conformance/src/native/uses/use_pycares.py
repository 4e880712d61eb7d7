import threading

import pycares


def use():
    found, done = [], threading.Event()

    def callback(result, error):
        found.append(pycares.errno.errorcode.get(error, error) if error else "answered")
        done.set()

    channel = pycares.Channel(servers=["127.0.0.1"], udp_port=1, timeout=0.5, tries=1)
    channel.query("example.com", pycares.QUERY_TYPE_A, callback=callback)
    done.wait(20)
    return found[0] != "answered"
