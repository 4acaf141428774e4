using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Kippu.Resumption;
using Kippu.Wire;
using Xunit;
using static Kippu.Tests.Resumption.Sample;

namespace Kippu.Tests.Resumption;

public sealed class TicketCipherTests : IDisposable
{
    private readonly TicketKeyRing _ring = RingOf(Key(0, 10, 20), Key(id: 1), Key(-5, 0, 20, id: 2), Key(-9, -5, -1, id: 3), Key(0, 10, 20, id: 4, revoked: true));
    private readonly TicketCipher _cipher = new(Scope(), SealingPurpose.Ticket);

    public void Dispose()
    {
        _cipher.Dispose();
        _ring.Dispose();
    }

    [Fact]
    public void The_layout_is_the_one_of_RFC_5077_section_4()
    {
        var ticket = Seal("some state"u8);

        Assert.Equal(16 + 16 + 2 + 128 + 32, ticket.Length);
        Assert.Equal(_ring.Keys[0].Id.ToString(), Convert.ToHexStringLower(ticket[..8]));
        Assert.Equal(128, BinaryPrimitives.ReadUInt16BigEndian(ticket.AsSpan(32)));
    }

    [Fact]
    public void A_ticket_is_what_the_documentation_says_computed_by_hand()
    {
        // docs/ticket-format.md, with nothing but the platform's primitives.
        var ticket = Seal("some state"u8);
        var secret = _ring.Keys[0].Secret!.Span.ToArray();
        byte[] Derive(string label, int length)
        {
            byte[] info = [(byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0x03, 0x03, .. Scope().Digest];
            return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, info);
        }

        Assert.Equal(Derive("kippu 1 ticket tag", 8), ticket[8..16]);
        Assert.Equal(HMACSHA256.HashData(Derive("kippu 1 ticket mac", 32), ticket.AsSpan(0, ticket.Length - 32)), ticket[^32..]);
        using var aes = Aes.Create();
        aes.SetKey(Derive("kippu 1 ticket cipher", 32));
        var state = aes.DecryptCbc(ticket.AsSpan(34, 128), ticket.AsSpan(16, 16), PaddingMode.None);
        Assert.Equal("some state"u8.ToArray(), state[..10]);
        Assert.All(state[10..], padding => Assert.Equal(118, padding));
    }

    [Fact]
    public void What_was_sealed_opens_again() => Gen.Byte.Array[0, 2000].Sample(state =>
    {
        var ticket = Seal(state);

        Assert.Equal(TicketRefusal.None, Open(ticket, out var opened));
        Assert.Equal(state, opened);
    });

    [Theory]
    [InlineData(0, 128)]
    [InlineData(127, 128)]
    [InlineData(128, 256)]
    [InlineData(255, 256)]
    [InlineData(SessionStateCodec.MaxSealedLength, 16_000)]
    public void States_are_padded_to_steps_of_128_bytes(int length, int padded) => Assert.Equal(66 + padded, Seal(new byte[length]).Length);

    [Fact]
    public void No_two_tickets_are_alike() => Assert.NotEqual(Seal("x"u8)[16..], Seal("x"u8)[16..]);

    [Fact]
    public void A_ticket_cut_anywhere_is_malformed_and_never_throws()
    {
        var ticket = Seal("some state"u8);

        Assert.All(Enumerable.Range(0, ticket.Length), length => Assert.Equal(TicketRefusal.Malformed, Open(ticket[..length], out _)));
        Assert.Equal(TicketRefusal.Malformed, Open([.. ticket, 0], out _));
    }

    [Fact]
    public void A_ticket_with_any_bit_flipped_is_refused_for_the_part_that_was_altered()
    {
        var ticket = Seal("some state"u8);
        for (var bit = 0; bit < ticket.Length * 8; bit++)
        {
            var altered = ticket.ToArray();
            altered[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            var expected = (bit / 8) switch
            {
                < 8 => TicketRefusal.UnknownKey,
                < 16 => TicketRefusal.WrongScope,
                32 or 33 => TicketRefusal.Malformed,
                _ => TicketRefusal.BadMac,
            };
            Assert.Equal(expected, Open(altered, out _));
        }
    }

    [Fact]
    public void Any_bytes_at_all_are_refused_and_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 600], Gen.Int[0, 5]).Sample((bytes, key) =>
        {
            byte[] named = [.. bytes];
            if (key < _ring.Keys.Count && named.Length >= 8)
            {
                _ring.Keys[key].Id.Write(named);
            }

            Assert.NotEqual(TicketRefusal.None, Open(named, out _));
        });

    [Theory]
    [InlineData(66 + 16_000, true)]
    [InlineData(66 + 16_128, false)]
    [InlineData(65_535, false)]
    [InlineData(66, false)]
    [InlineData(66 + 128, true)]
    [InlineData(66 + 112, false)]
    public void Only_lengths_that_can_have_been_sealed_are_looked_at(int length, bool possible)
    {
        var ticket = new byte[length];
        _ring.Keys[0].Id.Write(ticket);
        BinaryPrimitives.WriteUInt16BigEndian(ticket.AsSpan(32), (ushort)(length - 66));

        Assert.Equal(possible, TicketCipher.IsPossibleLength(length));
        Assert.Equal(possible ? TicketRefusal.WrongScope : TicketRefusal.Malformed, Open(ticket, out _));
    }

    [Fact]
    public void A_published_and_a_retired_key_open()
    {
        Assert.Equal(TicketRefusal.None, Open(Seal("x"u8, _ring.Keys[1]), out _));
        Assert.Equal(TicketRefusal.None, Open(Seal("x"u8, _ring.Keys[2]), out _));
    }

    [Fact]
    public void An_erased_key_does_not_open() => Assert.Equal(TicketRefusal.ErasedKey, Open(Seal("x"u8, _ring.Keys[3]), out _));

    [Fact]
    public void A_revoked_key_is_refused_for_that_whatever_the_ticket_holds()
    {
        var ticket = Seal("x"u8);
        _ring.Keys[4].Id.Write(ticket);

        Assert.Equal(TicketRefusal.RevokedKey, Open(ticket, out _));
    }

    [Fact]
    public void A_ticket_for_the_other_version_is_told_from_one_for_another_scope()
    {
        using var other = new TicketCipher(Scope("blog"), SealingPurpose.Ticket);
        var ticket = Seal("x"u8, version: TlsVersion.Tls13);

        Assert.Equal(TicketRefusal.WrongVersion, Open(ticket, out _));
        Assert.Equal(TicketRefusal.None, Open(ticket, out _, version: TlsVersion.Tls13));
        Assert.Equal(TicketRefusal.WrongScope, Open(ticket, out _, cipher: other));
        Assert.Equal(TicketRefusal.WrongScope, Open(Seal("x"u8), out _, cipher: other));
    }

    [Fact]
    public void A_forged_name_does_not_carry_a_ticket_to_another_scope_or_version()
    {
        // The attacker has tickets of both and may exchange their names: the keys are others all the same.
        using var other = new TicketCipher(Scope("blog"), SealingPurpose.Ticket);
        var theirs = Seal("x"u8, cipher: other);
        var newer = Seal("x"u8, version: TlsVersion.Tls13);
        Seal("x"u8).AsSpan(0, 16).CopyTo(theirs);
        Seal("x"u8).AsSpan(0, 16).CopyTo(newer);

        Assert.Equal(TicketRefusal.BadMac, Open(theirs, out _));
        Assert.Equal(TicketRefusal.BadMac, Open(newer, out _));
    }

    [Fact]
    public void What_was_sealed_for_the_cache_is_no_ticket_and_the_other_way_round()
    {
        using var sessions = new TicketCipher(Scope(), SealingPurpose.SessionId);

        Assert.Equal(TicketRefusal.WrongScope, Open(Seal("x"u8, cipher: sessions), out _));
        Assert.Equal(TicketRefusal.WrongScope, Open(Seal("x"u8), out _, cipher: sessions));
    }

    [Fact]
    public void The_mac_covers_what_a_value_is_bound_to()
    {
        var value = Seal("x"u8, boundTo: [1, 2, 3]);

        Assert.Equal(TicketRefusal.None, Open(value, out _, boundTo: [1, 2, 3]));
        Assert.Equal(TicketRefusal.BadMac, Open(value, out _, boundTo: [1, 2, 4]));
        Assert.Equal(TicketRefusal.BadMac, Open(value, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    [InlineData(255)]
    [InlineData(9)]
    public void Bad_padding_under_a_good_mac_is_malformed(byte last)
    {
        // Nobody without the keys can make one: sealed by hand.
        var ticket = Seal("some state"u8);
        var secret = _ring.Keys[0].Secret!.Span.ToArray();
        byte[] Derive(string label) =>
            HKDF.Expand(HashAlgorithmName.SHA256, secret, 32, [(byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0x03, 0x03, .. Scope().Digest]);
        using var aes = Aes.Create();
        aes.SetKey(Derive("kippu 1 ticket cipher"));
        var padded = new byte[128];
        padded[127] = last;
        aes.EncryptCbc(padded, ticket.AsSpan(16, 16), ticket.AsSpan(34, 128), PaddingMode.None);
        HMACSHA256.HashData(Derive("kippu 1 ticket mac"), ticket.AsSpan(0, ticket.Length - 32), ticket.AsSpan(ticket.Length - 32));

        Assert.Equal(TicketRefusal.Malformed, Open(ticket, out _));
    }

    [Fact]
    public void A_cleared_ring_neither_seals_nor_opens()
    {
        var ring = RingOf(Key(0, 10, 20));
        var ticket = Seal("x"u8, ring.Keys[0], ring: ring);
        Assert.Equal(TicketRefusal.None, Open(ticket, out _, ring: ring));
        ring.Dispose();

        Assert.Equal(TicketRefusal.UnknownKey, Open(ticket, out _, ring: ring));
        using var buffer = new WireBuffer();
        buffer.Reserve(TicketCipher.HeaderLength);
        Assert.False(_cipher.TrySeal(buffer, 0, ring, ring.Keys[0], TlsVersion.Tls12, []));
    }

    [Fact]
    public void Derived_keys_are_kept_and_go_with_their_ring_key()
    {
        using var cache = new SealingKeyCache(Scope());
        using var ring = RingOf(Key(0, 10, 20, id: 1), Key(0, 10, 20, id: 2));
        cache.Follow(ring);
        var keys = cache.GetKeys(ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls12);

        Assert.Same(keys, cache.GetKeys(ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls12));
        Assert.NotSame(keys, cache.GetKeys(ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls13));
        Assert.NotSame(keys, cache.GetKeys(ring.Keys[0], SealingPurpose.SessionId, TlsVersion.Tls12));
        Assert.Equal(3, cache.Count);
        using var next = new TicketKeyRing(2, 1, Start, Day, [ring.Keys[1]]);
        cache.Follow(next);
        Assert.Equal(0, cache.Count);
        Assert.Null(keys!.Rent());
    }

    [Fact]
    public void Derived_keys_are_bounded()
    {
        using var cache = new SealingKeyCache(Scope(), capacity: 3);
        using var ring = RingOf([.. Enumerable.Range(0, 10).Select(_ => Key(0, 10, 20))]);
        cache.Follow(ring);
        var first = cache.GetKeys(ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls12)!;

        Assert.All(ring.Keys, key => Assert.NotNull(cache.GetKeys(key, SealingPurpose.Ticket, TlsVersion.Tls12)));
        Assert.Equal(3, cache.Count);
        Assert.Null(first.Rent());
        Assert.NotNull(cache.GetKeys(ring.Keys[0], SealingPurpose.Ticket, TlsVersion.Tls12)!.Rent());
    }

    [Fact]
    public void Every_purpose_and_version_and_scope_has_a_tag_of_its_own()
    {
        var secret = _ring.Keys[0].Secret!;
        var tags =
            from purpose in Enum.GetValues<SealingPurpose>()
            from version in Enum.GetValues<TlsVersion>()
            from scope in new[] { Scope("a"), Scope("b") }
            select SealingKeys.DeriveTag(secret, purpose, version, scope);

        Assert.Equal(8, tags.Distinct().Count());
    }

    private byte[] Seal(
        ReadOnlySpan<byte> state,
        TicketKey? key = null,
        TlsVersion version = TlsVersion.Tls12,
        TicketCipher? cipher = null,
        byte[]? boundTo = null,
        TicketKeyRing? ring = null)
    {
        using var buffer = new WireBuffer();
        buffer.Reserve(3);
        buffer.Reserve(TicketCipher.HeaderLength);
        state.CopyTo(buffer.Reserve(state.Length));
        Assert.True((cipher ?? _cipher).TrySeal(buffer, 3, ring ?? _ring, key ?? _ring.Keys[0], version, boundTo));
        return buffer.Written[3..].ToArray();
    }

    private TicketRefusal Open(
        byte[] ticket,
        out byte[] state,
        TlsVersion version = TlsVersion.Tls12,
        TicketCipher? cipher = null,
        byte[]? boundTo = null,
        TicketKeyRing? ring = null)
    {
        var plaintext = new byte[ticket.Length];
        var refusal = (cipher ?? _cipher).Open(ticket, ring ?? _ring, Start, version, boundTo, plaintext, out var length, out _);
        state = refusal == TicketRefusal.None ? plaintext[..length] : [];
        return refusal;
    }
}
