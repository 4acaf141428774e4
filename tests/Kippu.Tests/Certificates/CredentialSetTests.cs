using Kippu.Certificates;
using Xunit;

namespace Kippu.Tests.Certificates;

public sealed class CredentialSetTests
{
    private readonly TlsCredential _first = TestPki.EcdsaP256.NewCredential("default.example");
    private readonly TlsCredential _exact = TestPki.EcdsaP256.NewCredential("www.example.com");
    private readonly TlsCredential _exactRsa = TestPki.Rsa2048.NewCredential("WWW.example.com");
    private readonly TlsCredential _wildcard = TestPki.EcdsaP384.NewCredential("*.example.com", "example.com");

    [Fact]
    public void An_exact_name_comes_before_a_wildcard() => Finds([_exact, _exactRsa, _wildcard], "www.example.com", isKnown: true);

    [Fact]
    public void Upper_and_lower_case_are_the_same() => Finds([_exact, _exactRsa, _wildcard], "Www.Example.COM", isKnown: true);

    [Fact]
    public void A_wildcard_stands_for_one_label()
    {
        Finds([_wildcard], "mail.example.com", isKnown: true);
        Finds([_wildcard], "example.com", isKnown: true); // by its own exact name
        Finds([_first], "a.b.example.com", isKnown: false);
        Finds([_first], ".example.com", isKnown: false);
    }

    [Fact]
    public void An_unknown_name_gets_the_default() => Finds([_first], "unknown.example", isKnown: false);

    [Fact]
    public void No_name_gets_the_default() => Finds([_first], null, isKnown: false);

    [Fact]
    public void The_default_includes_the_other_kind_of_key_for_the_same_host_and_no_other_host()
    {
        var rsa = TestPki.Rsa2048.NewCredential("Default.example", "more.example");

        var set = new CredentialSet([_first, _exact, rsa]);

        Assert.Equal([_first, rsa], set.Find(null, out _).ToArray());
    }

    [Fact]
    public void A_credential_without_a_name_is_for_the_default()
    {
        var nameless = TestPki.CommonNameOnly.NewCredential();

        Assert.Equal([_first, nameless], new CredentialSet([_first, _exact, nameless]).Find(null, out _).ToArray());
        Assert.Equal([nameless], new CredentialSet([nameless, _exact]).Find(null, out _).ToArray());
    }

    [Fact]
    public void One_credential_under_several_names_that_match_is_found_once()
    {
        var both = TestPki.Server.NewCredential("a.example.com", "*.example.com", "A.example.com");

        Assert.Equal([both], new CredentialSet([both]).Find("a.example.com", out _).ToArray());
    }

    [Fact]
    public void No_credentials_are_found_where_there_are_none()
    {
        Assert.Equal(0, new CredentialSet([]).Find("a.example", out var isKnown).Length);
        Assert.False(isKnown);
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        var set = Set();
        set.Find("mail.example.com", out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            set.Find("mail.example.com", out _);
            set.Find("www.example.com", out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private CredentialSet Set() => new([_first, _wildcard, _exact, _exactRsa]);

    private void Finds(TlsCredential[] expected, string? name, bool isKnown)
    {
        Assert.Equal(expected, Set().Find(name, out var known).ToArray());
        Assert.Equal(isKnown, known);
    }
}
