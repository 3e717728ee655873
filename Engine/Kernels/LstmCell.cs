using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// One step of a long short-term memory for rows of h hidden values. The four gates of a row stand one after the other: input i, forget f,
/// cell g and output o.
/// </summary>
internal static unsafe class LstmCell
{
    /// <summary>The values that are kept for a hidden value: i, f, g, o and tanh of the new cell.</summary>
    public const int Kept = 5;

    /// <summary>c′ = f∘c + i∘g and h′ = o∘tanh c′, with the gates computed from the sum of a and b.</summary>
    /// <param name="gate">The function of i, f and o: the logistic function.</param>
    /// <param name="squash">The function of g and of the new cell: tanh.</param>
    /// <param name="a">[rows, 4h], what the input contributes.</param>
    /// <param name="b">[rows, 4h], what the hidden state contributes.</param>
    /// <param name="cell">[rows, h].</param>
    /// <param name="kept">[rows, 5h].</param>
    /// <param name="hidden">[rows, h].</param>
    /// <param name="newCell">[rows, h].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="h">The number of hidden values.</param>
    public static void Forward<TGate, TSquash, T>(
        TGate gate, TSquash squash, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> cell, Span<T> kept, Span<T> hidden,
        Span<T> newCell, int rows, int h)
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pa = a, pb = b, pc = cell, pk = kept, ph = hidden, pn = newCell)
        {
            ForwardRows<TGate, TSquash, T> work = new(gate, squash, pa, pb, pc, pk, ph, pn, h);
            Kernel.Run<ForwardRows<TGate, TSquash, T>, T>(work, rows, Kernel.RowsPerChunk(rows, 4 * h));
        }
    }

    /// <summary>The gradients of the gates' sums and of the old cell.</summary>
    /// <param name="gate">As in the forward pass.</param>
    /// <param name="squash">As in the forward pass.</param>
    /// <param name="cell">The old cell.</param>
    /// <param name="kept">What the forward pass has kept.</param>
    /// <param name="dHidden">The gradient of hidden.</param>
    /// <param name="dNewCell">The gradient of the new cell.</param>
    /// <param name="dGates">[rows, 4h].</param>
    /// <param name="dCell">[rows, h].</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="h">The number of hidden values.</param>
    public static void Backward<TGate, TSquash, T>(
        TGate gate, TSquash squash, ReadOnlySpan<T> cell, ReadOnlySpan<T> kept, ReadOnlySpan<T> dHidden, ReadOnlySpan<T> dNewCell,
        Span<T> dGates, Span<T> dCell, int rows, int h)
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pc = cell, pk = kept, ph = dHidden, pn = dNewCell, pg = dGates, pd = dCell)
        {
            BackwardRows<TGate, TSquash, T> work = new(gate, squash, pc, pk, ph, pn, pg, pd, h);
            Kernel.Run<BackwardRows<TGate, TSquash, T>, T>(work, rows, Kernel.RowsPerChunk(rows, 4 * h));
        }
    }

    private readonly struct ForwardRows<TGate, TSquash, T>(
        TGate gate, TSquash squash, T* a, T* b, T* cell, T* kept, T* hidden, T* newCell, int h) : IKernel<T>
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (nint row = from; row < to; row++)
            {
                // functions with an exponential have a loop each: the compiler inlines so much into one method, and no more
                T* x = a + row * 4 * h, y = b + row * 4 * h, k = kept + row * Kept * h, n = newCell + row * h;
                ElementLoop.Run<MapOfSum<TGate, T>, L, T>(new(gate, x, y, k), 0, 2 * h);
                ElementLoop.Run<MapOfSum<TSquash, T>, L, T>(new(squash, x + 2 * h, y + 2 * h, k + 2 * h), 0, h);
                ElementLoop.Run<MapOfSum<TGate, T>, L, T>(new(gate, x + 3 * h, y + 3 * h, k + 3 * h), 0, h);
                ElementLoop.Run<NewCell<T>, L, T>(new(k, cell + row * h, n, h), 0, h);
                ElementLoop.Run<Output<TSquash, T>, L, T>(new(squash, k, n, hidden + row * h, h), 0, h);
            }
        }
    }

    private readonly struct BackwardRows<TGate, TSquash, T>(
        TGate gate, TSquash squash, T* cell, T* kept, T* dHidden, T* dNewCell, T* dGates, T* dCell, int h) : IKernel<T>
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (nint row = from; row < to; row++)
            {
                ElementLoop.Run<Gradients<TGate, TSquash, T>, L, T>(
                    new(gate, squash, cell + row * h, kept + row * Kept * h, dHidden + row * h, dNewCell + row * h, dGates + row * 4 * h,
                        dCell + row * h, h),
                    0, h);
            }
        }
    }

    private readonly struct NewCell<T>(T* kept, T* cell, T* newCell, int h) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint j, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L i = memory.Load(kept + j), f = memory.Load(kept + h + j), g = memory.Load(kept + 2 * h + j), c = memory.Load(cell + j);
            memory.Store(f * c + i * g, newCell + j);
        }
    }

    private readonly struct Output<TSquash, T>(TSquash squash, T* kept, T* newCell, T* hidden, int h) : IElementKernel<T>
        where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint j, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L o = memory.Load(kept + 3 * h + j), squashed = squash.Value(memory.Load(newCell + j));
            memory.Store(squashed, kept + 4 * h + j);
            memory.Store(o * squashed, hidden + j);
        }
    }

    private readonly struct Gradients<TGate, TSquash, T>(
        TGate gate, TSquash squash, T* cell, T* kept, T* dHidden, T* dNewCell, T* dGates, T* dCell, int h) : IElementKernel<T>
        where TGate : unmanaged, IUnaryFunction where TSquash : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint j, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            // the derivatives are functions of the outputs alone
            L i = memory.Load(kept + j), f = memory.Load(kept + h + j), g = memory.Load(kept + 2 * h + j),
                o = memory.Load(kept + 3 * h + j), squashed = memory.Load(kept + 4 * h + j), dh = memory.Load(dHidden + j);
            L dc = memory.Load(dNewCell + j) + dh * o * squash.Derivative(squashed, squashed);
            memory.Store(dc * g * gate.Derivative(i, i), dGates + j);
            memory.Store(dc * memory.Load(cell + j) * gate.Derivative(f, f), dGates + h + j);
            memory.Store(dc * i * squash.Derivative(g, g), dGates + 2 * h + j);
            memory.Store(dh * squashed * gate.Derivative(o, o), dGates + 3 * h + j);
            memory.Store(dc * f, dCell + j);
        }
    }
}
