"""What Nova asks of an image service and of a network service, and no more: one image, no ports.

usage: neighbours.py IMAGE_PORT NETWORK_PORT
"""
import http.server
import json
import sys
import threading
import urllib.parse

IMAGE_ID = '5eed0000-0000-4000-8000-000000000001'
MADE = '2026-01-01T00:00:00Z'
IMAGE = {
    'id': IMAGE_ID, 'name': 'nothing', 'status': 'active', 'visibility': 'public', 'owner': None, 'tags': [],
    'container_format': 'bare', 'disk_format': 'raw', 'size': 1048576, 'virtual_size': None, 'min_disk': 0,
    'min_ram': 0, 'protected': False, 'checksum': '0' * 32, 'os_hash_algo': 'sha512', 'os_hash_value': '0' * 128,
    'os_hidden': False, 'created_at': MADE, 'updated_at': MADE, 'schema': '/v2/schemas/image',
    'self': '/v2/images/' + IMAGE_ID, 'file': '/v2/images/' + IMAGE_ID + '/file',
}
SCHEMA = {'name': 'image', 'properties': {name: {} for name in IMAGE}, 'additionalProperties': {'type': 'string'}}


class JsonHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        self._send(*self.answer(urllib.parse.urlparse(self.path).path.strip('/')))

    def do_POST(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self._send(404, {'message': 'the lab has no such thing'})

    do_PUT = do_DELETE = do_PATCH = do_POST

    def _send(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def versions(self, version):
        href = 'http://%s:%d/%s/' % (*self.server.server_address, version)
        return {'versions': [{'id': version, 'status': 'CURRENT', 'links': [{'rel': 'self', 'href': href}]}]}


class Images(JsonHandler):
    def answer(self, path):
        known = {
            '': (300, self.versions('v2')),
            'versions': (300, self.versions('v2')),
            'v2/images': (200, {'images': [IMAGE], 'first': '/v2/images', 'schema': '/v2/schemas/images'}),
            'v2/images/' + IMAGE_ID: (200, IMAGE),
            'v2/schemas/image': (200, SCHEMA),
        }
        return known.get(path, (404, {'message': 'no such image'}))


class Networks(JsonHandler):
    def answer(self, path):
        parts = path.removesuffix('.json').split('/')
        if path == '':
            return 200, self.versions('v2.0')
        if len(parts) == 2:
            return 200, {parts[1].replace('-', '_'): []}
        return 404, {'NeutronError': {'type': 'NotFound', 'message': 'no such thing', 'detail': ''}}


def serve(port, handler):
    http.server.ThreadingHTTPServer(('127.0.0.1', port), handler).serve_forever()


if __name__ == '__main__':
    threading.Thread(target=serve, args=(int(sys.argv[1]), Images), daemon=True).start()
    serve(int(sys.argv[2]), Networks)
