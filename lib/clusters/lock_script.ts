/**
 * The program in a cluster's first control plane: it locks a file for as long as its session lasts,
 * and asks the network who has an address. The kernel lets go of the lock however the session ends,
 * so nothing is ever left behind.
 *
 * Arguments: path of the file; 1 to wait for the lock and stay, 0 to look at it and end
 * Input:     `<address>` lines, once it has the lock
 * Output:    `busy` when another one has the lock, `held` when it has it; then for each address
 *            `free <address>` or `taken <address> <hardware address>`
 *
 * An address is asked for as before its first use: ARP probe (RFC 5227, 2.1.1), neighbour
 * solicitation without a source (RFC 4862, 5.4.2). On a container network the answer takes
 * microseconds, so nobody waits long for the silence of a free one.
 */
export const LOCK_SCRIPT = String.raw`
use strict; use warnings; use Socket; use Fcntl ':flock'; use Time::HiRes 'time';
$| = 1;
my $silence = 0.002;
my ($path, $patient) = @ARGV;
open my $file, '>>', $path or die "$path: $!\n";
if (!flock $file, LOCK_EX | LOCK_NB) {
  print "busy\n";
  exit unless $patient;
  flock $file, LOCK_EX or die "flock: $!\n";
}
print "held\n";
exit unless $patient;

my (%due, %sockets, $device, $index, $mac);
sub slurp { open my $from, '<', $_[0] or return ''; local $/; my $text = <$from>; $text =~ s/\s+\z//; return $text; }
sub find_device {
  ($device) = slurp('/proc/net/route') =~ /^(\S+)\t00000000\t/m;
  $device = 'eth0' unless defined $device;
  $index = slurp("/sys/class/net/$device/ifindex");
  $mac = pack 'H*', join '', split /:/, slurp("/sys/class/net/$device/address");
}
# neighbour advertisements alone: next header 58, type 136
my $filter = pack '(S C C L)*', 0x30, 0, 0, 20, 0x15, 0, 3, 58, 0x30, 0, 0, 54, 0x15, 0, 1, 136, 0x06, 0, 0, 0xffff, 0x06, 0, 0, 0;
sub packets {
  my $type = shift;
  return $sockets{$type} if $sockets{$type};
  find_device() unless $device;
  socket(my $sock, 17, 3, unpack 'S', pack 'n', $type) or return;
  setsockopt $sock, SOL_SOCKET, 26, pack('S x![P] P', 6, $filter) or return if $type == 0x86dd;
  bind $sock, pack('S n l S C C a8', 17, $type, $index, 0, 0, 0, '') or return;
  return $sockets{$type} = $sock;
}
sub checksum {
  my ($data, $sum) = (shift, 0);
  $sum += $_ for unpack 'n*', $data;
  $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
  return ~$sum & 0xffff;
}
sub solicitation {
  my $ip = shift;
  my $group = Socket::inet_pton(AF_INET6, 'ff02::1:ff00:0');
  substr($group, 13) = substr $ip, 13;
  my $none = "\0" x 16;
  my $body = pack('C C n N', 135, 0, 0, 0) . $ip;
  substr($body, 2, 2) = pack 'n', checksum($none . $group . pack('N N', length $body, 58) . $body);
  return "\x33\x33" . substr($group, 12) . $mac . pack('n N n C C', 0x86dd, 0x60000000, length $body, 58, 255) . $none . $group . $body;
}
sub ask {
  my $address = shift;
  my $six = $address =~ /:/;
  my $ip = Socket::inet_pton($six ? AF_INET6 : AF_INET, $address);
  my $sock = defined $ip ? packets($six ? 0x86dd : 0x0806) : undef;
  if (!$sock) { print "free $address\n"; return; }
  my $frame = $six ? solicitation($ip)
    : "\xff" x 6 . $mac . pack('n n n C C n', 0x0806, 1, 0x0800, 6, 4, 1) . $mac . "\0" x 10 . $ip;
  send $sock, $frame, 0, pack('S n l S C C a8', 17, 0, $index, 1, 0, 6, '');
  $due{$ip} = [$address, time + $silence];
}
sub hear {
  my ($sock, $type) = @_;
  while (defined recv $sock, my $frame, 2048, 0x40) {
    my $four = $type == 0x0806;
    next if length $frame < ($four ? 42 : 78);
    my $ip = $four ? substr $frame, 28, 4 : substr $frame, 62, 16;
    my $found = delete $due{$ip} or next;
    print join(' ', 'taken', $found->[0], join ':', unpack '(H2)6', substr $frame, 6, 6), "\n";
  }
}
my $input = '';
while (1) {
  my ($first) = sort { $a <=> $b } map { $_->[1] } values %due;
  my $left = defined $first ? $first - time : undef;
  my $wait = '';
  vec($wait, fileno $_, 1) = 1 for \*STDIN, values %sockets;
  next if select(my $seen = $wait, undef, undef, defined $left && $left < 0 ? 0 : $left) < 0;
  # on a busy machine the answer may be there before we are: heard first, then given up
  my $now = time;
  hear($sockets{$_}, $_) for keys %sockets;
  for my $ip (grep { $due{$_}[1] <= $now } keys %due) { print 'free ', delete($due{$ip})->[0], "\n"; }
  next unless vec $seen, fileno STDIN, 1;
  sysread STDIN, $input, 4096, length $input or last;
  while ($input =~ s/\A(\S+)\n//) { ask($1); }
}
`;
