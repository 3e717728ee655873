using System.Numerics;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// A 64-bit hash of numbers, bit by bit, by which two runs are compared: FNV-1a over the bytes of each tensor, least significant first.
/// Runs with the same hash have, but for an accident of one in 10¹⁹, the same bits.
/// </summary>
public sealed class RunHash
{
    /// <summary>The hash of what was added so far.</summary>
    public ulong Value { get; private set; } = Fnv1a.Empty;

    /// <summary>Adds the elements of a tensor.</summary>
    public void Add<T>(in Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> elements = tensor.Span;
        if (BitConverter.IsLittleEndian)
        {
            Add(MemoryMarshal.AsBytes(elements));
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (T element in elements)
        {
            Span<byte> own = bytes[..Marshal.SizeOf<T>()];
            MemoryMarshal.Write(own, element);
            own.Reverse();
            Add(own);
        }
    }

    /// <summary>Adds a number.</summary>
    public void Add(double number)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(number);
        for (int i = 0; i < sizeof(double); i++)
        {
            Add((byte)(bits >> (8 * i)));
        }
    }

    /// <summary>Adds the parameters, buffers and counters of a module, in their order.</summary>
    public void Add<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        foreach (Parameter<T> parameter in module.Parameters)
        {
            Add(parameter.Value);
        }
        foreach (NamedTensor<T> buffer in module.Buffers)
        {
            Add(buffer.Value);
        }
        foreach (NamedCounter counter in module.Counters)
        {
            Add(BitConverter.Int64BitsToDouble(counter.Value));
        }
    }

    /// <summary>The hash in 16 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            Add(value);
        }
    }

    private void Add(byte value) => Value = Fnv1a.Add(Value, value);
}
