using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>Damaged arrays of NumPy, against a second reader, and damaged archives of them.</summary>
public sealed class MutatedNpyTests
{
    private static readonly FileMutator s_mutator = new(
        "'descr': '<f4', ", "'fortran_order': True, ", "'fortran_order': False, ", "'shape': (2, 3), ", "False", "True", "'<f4'", "'>f8'",
            "'<i2'", "'|b1'",
        "'|u1'", "'<f8'", "()", "(1,)", "(0, 5)", "(2, 3)", "L", "[", "{", "'", "\"", "\\", "-", ".0", "\0", "ü", "\u0093NUMPY\u0002\0",
            "None");

    /// <summary>
    /// Every damaged file is read as the second reader reads it, or refused where that one refuses it. Catches: a file that ends in another
    /// exception or a hang, a length that is believed and allocated, a malformed file that is read, a sound one that is refused.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Mutated_files_are_read_rightly_or_refused()
    {
        (byte[] File, int LengthBytes)[] seeds = [.. Seeds()];
        int count = Mutations.Count(20_000);
        int read = Mutations.CountRead(count, seed =>
        {
            (byte[] sound, int lengthBytes) = seeds[seed % seeds.Length];
            byte[] file = s_mutator.Mutate(sound, seed, lengthBytes, 8 + lengthBytes, f =>
                8 + lengthBytes + (lengthBytes == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(f.AsSpan(8)) : BinaryPrimitives.ReadInt32LittleEndian(f.AsSpan(8))));
            using NpyFile? actual = Mutations.Read(file.Length, () => NpyBytes.Open(file));
            var expected = NpyOracle.Read(file);
            if (actual is null != expected is null)
            {
                throw new InvalidOperationException($"{(actual is null ? "refused" : "read")}: {Encoding.Latin1.GetString(file)}");
            }
            if (actual is not null)
            {
                Compare(actual, expected!.Value.Shape, expected.Value.Elements);
            }
            return actual is not null;
        });
        Assert.That(
            read, Is.InRange(count / 100, count / 2), "mutations that nothing sees, or that are all seen at the first byte, test little");
    }

    /// <summary>Catches: an exception of the platform's archives that comes through; an array whose damaged data pass for sound.</summary>
    [Test]
    [Category("Slow")]
    public void Mutated_archives_are_read_rightly_or_refused()
    {
        byte[][] seeds = [File.ReadAllBytes(GoldenFiles.PathOf("npy/two.npz")), NpzTests.Compressed()];
        FileMutator mutator = new(
            "PK\u0001\u0002", "PK\u0003\u0004", "PK\u0005\u0006", "a.npy", "b.npy", "\0\0\0\0", "\u00FF\u00FF", "\b\0");
        int count = Mutations.Count(20_000);
        int read = Mutations.CountRead(count, seed =>
        {
            byte[] sound = seeds[seed % seeds.Length];
            byte[] file = mutator.Mutate(sound, seed, 0, sound.Length + 1000, static f => f.Length);
            try
            {
                using NpzFile archive = Npz.Open(new MemoryStream(file));
                foreach (string name in archive.Names)
                {
                    double[] elements = archive.Read<double>(name).ToArray();
                    // what the checksum covers is as it was, whatever it is called now
                    if (!NpzTests.Contents.Any(elements.SequenceEqual))
                    {
                        throw new InvalidOperationException($"'{name}' is {string.Join(", ", elements)}");
                    }
                }
                return true;
            }
            catch (MalformedFileException)
            {
                return false;
            }
        });
        Assert.That(read, Is.InRange(count / 100, count / 2));
    }

    private static void Compare(NpyFile actual, BigInteger[] shape, double[] elements)
    {
        if (!actual.Shape.Select(static extent => (BigInteger)extent).SequenceEqual(shape))
        {
            throw new InvalidOperationException("The two readers differ in the shape.");
        }
        double[] read = new double[actual.Length];
        actual.ReadInto(read.AsSpan());
        if (!read.AsSpan().SequenceEqual(elements))
        {
            throw new InvalidOperationException($"The two readers differ: {string.Join(' ', read)} and {string.Join(' ', elements)}.");
        }
    }

    private static IEnumerable<(byte[] File, int LengthBytes)> Seeds()
    {
        yield return (File.ReadAllBytes(GoldenFiles.PathOf("npy/float32-3x4.npy")), 2);
        yield return (File.ReadAllBytes(GoldenFiles.PathOf("npy/float64-fortran.npy")), 2);
        yield return (
            NpyBytes.Of(NpyBytes.Header(">i4", "(2, 3)", "True"), [.. Enumerable.Range(0, 24).Select(static i => (byte)i)], 2), 4);
        yield return (NpyBytes.Of(NpyBytes.Header("|u1", "()"), [7], 3), 4);
        yield return (NpyBytes.Of(NpyBytes.Header("<f2", "(0, 3)"), []), 2);
    }
}
