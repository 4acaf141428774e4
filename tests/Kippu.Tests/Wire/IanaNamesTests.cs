using Kippu.Wire;
using Xunit;

namespace Kippu.Tests.Wire;

public sealed class IanaNamesTests
{
    [Fact]
    public void GREASE_is_the_sixteen_values_of_RFC_8701()
    {
        var values = Enumerable.Range(0, 0x10000).Where(value => Grease.IsGrease((ushort)value)).ToArray();

        Assert.Equal(Enumerable.Range(0, 16).Select(i => (i << 12) | 0x0A00 | (i << 4) | 0x0A), values);
    }

    [Fact]
    public void Everything_that_we_speak_has_a_name()
    {
        Assert.All(CipherSuite.All.ToArray(), suite => Assert.Equal(suite.Id.ToString(), IanaNames.CipherSuite((ushort)suite.Id)));
        Assert.All(Enum.GetValues<NamedGroup>(), group => Assert.Equal(group.ToString(), IanaNames.Group((ushort)group), ignoreCase: true));
        Assert.All(Enum.GetValues<SignatureScheme>(), scheme => Assert.Equal(Letters(scheme.ToString()), Letters(IanaNames.SignatureScheme((ushort)scheme))));
        Assert.All(Enum.GetValues<ExtensionType>(), type => Assert.Equal(Letters(type.ToString()), Letters(IanaNames.Extension((ushort)type))));
        Assert.Equal("TLS 1.2", IanaNames.Version((ushort)TlsVersion.Tls12));
        Assert.Equal("TLS 1.3", IanaNames.Version((ushort)TlsVersion.Tls13));
    }

    [Fact]
    public void What_has_no_name_is_a_number()
    {
        Assert.Equal("TLS_EMPTY_RENEGOTIATION_INFO_SCSV", IanaNames.CipherSuite(0x00FF));
        Assert.Equal("0xEEEE", IanaNames.CipherSuite(0xEEEE));
        Assert.Equal("GREASE (0x1A1A)", IanaNames.CipherSuite(0x1A1A));
        Assert.Equal("GREASE (0xFAFA)", IanaNames.Group(0xFAFA));
        Assert.Equal("0x7F1C", IanaNames.Version(0x7F1C));
        Assert.Equal("GREASE", IanaNames.Extension(0x0A0A));
        Assert.Equal("unknown", IanaNames.Extension(0xEEEE));
        Assert.Equal("0x63", IanaNames.CompressionMethod(99));
        Assert.Equal("null", IanaNames.CompressionMethod(0));
    }

    private static string Letters(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
