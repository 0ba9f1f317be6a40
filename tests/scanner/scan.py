"""CORScanner, an outside judge, on servers that are started here. Each argument is `NAME PAGE PATH EXPECTED PROGRAM`.

It judges each server as the API of a page that the server allows, and derives the origins of its attacks from that
page's name. Only where the requests go to is changed.
"""

from gevent import monkey

# The scanner does it too, but after `requests` is imported.
monkey.patch_all()

import re
import signal
import subprocess
import sys

# So that `finally` ends the server.
signal.signal(signal.SIGTERM, lambda *_: sys.exit("scanner: terminated"))

import tldextract

# The list that comes with the package: no request leaves this machine.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

import requests
from CORScanner.common.corscheck import CORSCheck
from CORScanner.common.logger import Log

session = requests.Session()
session.trust_env = False


class Check(CORSCheck):
    def __init__(self, page, server):
        super().__init__(page + "/", {"logger": Log(None, print_level=4), "headers": None, "timeout": 5})
        self.server, self.sent, self.answered = server, set(), 0

    def send_req(self, url, origin):
        self.sent.add(origin)
        try:
            answer = session.get(self.server, headers={"Origin": origin}, timeout=5, allow_redirects=False)
        except requests.exceptions.InvalidHeader:
            return None
        self.answered += 1
        return answer


def scan(name, page, path, expected, program):
    server = subprocess.Popen([program, "0"], stdout=subprocess.PIPE, text=True)
    try:
        address = None
        while address is None:
            line = server.stdout.readline()
            if not line:
                sys.exit(f"scanner: {name} does not listen")
            address = re.match(r"listening on (http://[0-9.:]+)", line)
        url = address.group(1) + path
        # A policy that allowed nobody would pass every scan.
        own = session.get(url, headers={"Origin": page}, timeout=5).headers.get("access-control-allow-origin")
        check = Check(page, url)
        check.check_one_by_one()
    finally:
        server.kill()
        server.wait()
    found = [f"{one['type']},credentials_{one['credentials']}" for one in check.all_results]
    print(f"scanner: {name}: {len(check.sent)} origins, found {found or 'nothing'}")
    wanted = [] if expected == "-" else [expected]
    if found != wanted or own != page:
        sys.exit(f"scanner: {name}: {wanted or 'nothing'} was expected; its own page gets {own}")
    if not wanted and check.answered < 30:
        sys.exit(f"scanner: {name}: only {check.answered} requests were answered")


for argument in sys.argv[1:]:
    scan(*argument.split())
