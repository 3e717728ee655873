using System.Text;

namespace Engine.Tests.Verification;

/// <summary>The hash of a run.</summary>
public sealed class RunHashTests
{
    /// <summary>The published test vectors of FNV-1a with 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/): "" and "foobar".</summary>
    [Test]
    public void It_is_the_published_function()
    {
        Assert.That(new RunHash().Value, Is.EqualTo(0xcbf29ce484222325));
        // the bytes of "foobar\0\0" as one double: the vector for "foobar", followed by two zero bytes
        RunHash hash = new();
        hash.Add(BitConverter.ToDouble([.. Encoding.ASCII.GetBytes("foobar"), 0, 0]));
        ulong expected = 0x85944171f73967e8;
        for (int i = 0; i < 2; i++)
        {
            expected *= 1099511628211;
        }
        Assert.That(hash.Value, Is.EqualTo(expected));
    }

    /// <summary>Catches: a hash of numbers instead of bits, or of a part of them.</summary>
    [Test]
    public void Every_bit_counts()
    {
        HashSet<string> seen = [];
        float[] values = [0f, 1f, -2f];
        for (int bit = 0; bit < 96; bit++)
        {
            int[] bits = [.. values.Select(BitConverter.SingleToInt32Bits)];
            bits[bit / 32] ^= 1 << (bit % 32);
            RunHash hash = new();
            hash.Add(Tensor<float>.From([.. bits.Select(BitConverter.Int32BitsToSingle)], [3]));
            Assert.That(seen.Add(hash.ToString()), Is.True);
        }
        Linear<double> model = new(2, 2, RandomKey.FromSeed(1));
        RunHash whole = new(), parts = new();
        whole.Add(model);
        parts.Add(model.Parameters[0].Value);
        parts.Add(model.Parameters[1].Value);
        Assert.That(whole.Value, Is.EqualTo(parts.Value));
    }
}
