using Kippu.InteropTests.Machinery;
using Xunit;

namespace Kippu.InteropTests;

public sealed class PeersTests
{
    public static TheoryData<string> Programs() => [.. PeerProgram.All];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Every_peer_is_installed(string program) =>
        Assert.True(PeerProgram.TryFind(program) is not null, $"the peer '{program}' is missing: a run without it proves nothing about it. eng/test --install-peers installs it.");
}
