"""How a test wants a server to behave, said in the server's own metadata.

  lab.live.seconds   how long the copy of a live migration takes; what the host's file says else, or 0.5
  lab.live.stall     yes: the copy never converges and waits for an abort or a forced completion
  lab.live.fail      check    the destination refuses before anything happens
                     prepare  the destination cannot prepare
                     driver   the source's hypervisor raises
                     copy     the copy fails half-way and is rolled back
                     arrive   the guest has moved, then the destination fails
  lab.cold.seconds   how long the disk is copied
  lab.cold.fail      refuse | copy | arrive | confirm
  lab.spawn.seconds  how long a build, or a rebuild elsewhere, takes
  lab.spawn.fail     yes
"""


class Behaviour:
    def __init__(self, instance, host_defaults):
        self._said = {**{'lab.' + key: value for key, value in host_defaults.items()}, **(instance.metadata or {})}

    def seconds(self, what, default=0.0):
        return float(self._said.get('lab.%s.seconds' % what, default))

    def fails(self, what, stage):
        return self._said.get('lab.%s.fail' % what) == stage

    def stalls(self):
        return self._said.get('lab.live.stall') == 'yes'
