using Kippu.InteropTests.Machinery;

namespace Kippu.InteropTests.Peers;

/// <summary>What every haproxy.cfg of these tests has in common: one thread, in the foreground, short timeouts.</summary>
internal static class HaproxyFile
{
    public static PeerProcess Start(TempFolder folder, string mode, string proxies) => PeerProcess.Start("haproxy", ["-db", "-f", folder.Write("haproxy.cfg", $$"""
        global
          nbthread 1
          log stdout format raw local0
        defaults
          mode {{mode}}
          timeout connect 5s
          timeout client 10s
          timeout server 10s
        {{proxies}}

        """)], folder: folder.Path);
}
