using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// One step of a gated recurrent unit for rows of h hidden values. The three parts of a row stand one after the other: reset gate r,
/// update gate z and candidate n.
/// </summary>
internal static unsafe class GruCell
{
    /// <summary>
    /// r and z from the sums of a and b, n ← tanh(aₙ + r∘bₙ), new hidden ← (1 − z)∘n + z∘hidden.
    /// </summary>
    /// <param name="gate">The function of r and z: the logistic function.</param>
    /// <param name="squash">The function of n: tanh.</param>
    /// <param name="a">[rows, 3h], what the input contributes.</param>
    /// <param name="b">[rows, 3h], what the hidden state contributes.</param>
    /// <param name="hidden">[rows, h].</param>
    /// <param name="kept">[rows, 3h]: r, z and n.</param>
    /// <param name="newHidden">[rows, h].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="h">The number of hidden values.</param>
    public static void Forward<TGate, TSquash, T>(
        TGate gate, TSquash squash, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> hidden, Span<T> kept, Span<T> newHidden,
        int rows, int h)
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pa = a, pb = b, ph = hidden, pk = kept, pn = newHidden)
        {
            ForwardRows<TGate, TSquash, T> work = new(gate, squash, pa, pb, ph, pk, pn, h);
            Kernel.Run<ForwardRows<TGate, TSquash, T>, T>(work, rows, Kernel.RowsPerChunk(rows, 3 * h));
        }
    }

    /// <summary>The gradients of a, b and the old hidden state.</summary>
    /// <param name="gate">As in the forward pass.</param>
    /// <param name="squash">As in the forward pass.</param>
    /// <param name="b">As in the forward pass.</param>
    /// <param name="hidden">The old hidden state.</param>
    /// <param name="kept">What the forward pass has kept.</param>
    /// <param name="g">The gradient of the new hidden state.</param>
    /// <param name="dA">[rows, 3h].</param>
    /// <param name="dB">[rows, 3h].</param>
    /// <param name="dHidden">[rows, h].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="h">The number of hidden values.</param>
    public static void Backward<TGate, TSquash, T>(
        TGate gate, TSquash squash, ReadOnlySpan<T> b, ReadOnlySpan<T> hidden, ReadOnlySpan<T> kept, ReadOnlySpan<T> g, Span<T> dA,
        Span<T> dB, Span<T> dHidden, int rows, int h)
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pb = b, ph = hidden, pk = kept, pg = g, da = dA, db = dB, dh = dHidden)
        {
            BackwardRows<TGate, TSquash, T> work = new(gate, squash, pb, ph, pk, pg, da, db, dh, h);
            Kernel.Run<BackwardRows<TGate, TSquash, T>, T>(work, rows, Kernel.RowsPerChunk(rows, 3 * h));
        }
    }

    private readonly struct ForwardRows<TGate, TSquash, T>(
        TGate gate, TSquash squash, T* a, T* b, T* hidden, T* kept, T* newHidden, int h) : IKernel<T>
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (nint row = from; row < to; row++)
            {
                T* x = a + row * 3 * h, y = b + row * 3 * h, k = kept + row * 3 * h;
                ElementLoop.Run<MapOfSum<TGate, T>, L, T>(new(gate, x, y, k), 0, 2 * h);
                ElementLoop.Run<Output<TSquash, T>, L, T>(
                    new(squash, x + 2 * h, y + 2 * h, k, hidden + row * h, newHidden + row * h, h), 0, h);
            }
        }
    }

    private readonly struct BackwardRows<TGate, TSquash, T>(
        TGate gate, TSquash squash, T* b, T* hidden, T* kept, T* g, T* dA, T* dB, T* dHidden, int h) : IKernel<T>
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (nint row = from; row < to; row++)
            {
                ElementLoop.Run<Gradients<TGate, TSquash, T>, L, T>(
                    new(gate, squash, b + (3 * row + 2) * h, hidden + row * h, kept + row * 3 * h, g + row * h, dA + row * 3 * h,
                        dB + row * 3 * h, dHidden + row * h, h),
                    0, h);
            }
        }
    }

    private readonly struct Output<TSquash, T>(TSquash squash, T* a, T* b, T* kept, T* hidden, T* newHidden, int h) : IElementKernel<T>
        where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint j, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L r = memory.Load(kept + j), z = memory.Load(kept + h + j);
            L n = squash.Value(memory.Load(a + j) + r * memory.Load(b + j));
            memory.Store(n, kept + 2 * h + j);
            memory.Store((1 - z) * n + z * memory.Load(hidden + j), newHidden + j);
        }
    }

    private readonly struct Gradients<TGate, TSquash, T>(
        TGate gate, TSquash squash, T* b, T* hidden, T* kept, T* g, T* dA, T* dB, T* dHidden, int h) : IElementKernel<T>
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint j, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            // the derivatives are functions of the outputs alone
            L r = memory.Load(kept + j), z = memory.Load(kept + h + j), n = memory.Load(kept + 2 * h + j), d = memory.Load(g + j);
            L dn = d * (1 - z) * squash.Derivative(n, n), dz = d * (memory.Load(hidden + j) - n) * gate.Derivative(z, z),
                dr = dn * memory.Load(b + j) * gate.Derivative(r, r);
            memory.Store(dr, dA + j);
            memory.Store(dz, dA + h + j);
            memory.Store(dn, dA + 2 * h + j);
            memory.Store(dr, dB + j);
            memory.Store(dz, dB + h + j);
            memory.Store(dn * r, dB + 2 * h + j);
            memory.Store(d * z, dHidden + j);
        }
    }
}
