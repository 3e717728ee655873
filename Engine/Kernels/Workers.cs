using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Engine.Kernels;

/// <summary>A piece of work that can be cut into parts, which may run in any order and on any thread. It holds pointers, not references: it lives on the caller's stack.</summary>
internal interface IParts
{
    /// <summary>Does part number <paramref name="part"/>.</summary>
    void Run(int part);
}

/// <summary>Work in parts that an object does: for work that outlives a call, and has references.</summary>
internal abstract class PartsOwner
{
    /// <summary>Does part number <paramref name="part"/>.</summary>
    internal abstract void Run(int part);
}

/// <summary>
/// The worker threads: they spin for some microseconds waiting for work, then park. A hand-off to a spinning worker costs about
/// 0.5 µs and allocates nothing. Parts are claimed one by one, so the result may not depend on who does which part.
/// </summary>
internal static unsafe class Workers
{
    /// <summary>How often a worker looks for new work before it parks: some 50 µs.</summary>
    private const int Spins = 2000;

    private const long Open = 1L << 31, HelpersMask = 0x7FFF, ActiveMask = 0xFFFF;

    private static readonly Lock Gate = new();
    private static readonly Control Shared = new();
    private static int s_count = Environment.ProcessorCount;
    private static int s_started;

    /// <summary>How many threads share the work, the caller among them; results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or above 1024.</exception>
    public static int Count
    {
        get => s_count;
        set
        {
            if (value is < 1 or > 1024)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The number of threads must lie between 1 and 1024.");
            }
            lock (Gate)
            {
                s_count = value;
            }
        }
    }

    /// <summary>Runs all <paramref name="parts"/> and returns when the last is done. A call from inside a part, or while another thread is in here, runs on the caller alone.</summary>
    public static void Run<TParts>(ref TParts work, int parts) where TParts : unmanaged, IParts
    {
        fixed (TParts* context = &work)
        {
            Run(context, null, &Invoke<TParts>, parts);
        }
    }

    /// <summary>The same for the parts of an object.</summary>
    public static void Run(PartsOwner work, int parts) => Run(null, work, &Invoke, parts);

    private static void Run(void* context, PartsOwner? owner, delegate*<void*, int, void> invoke, int parts)
    {
        if (parts > 1 && s_count > 1 && Gate.TryEnter())
        {
            try
            {
                if (!Shared.Busy)
                {
                    Dispatch(context, owner, invoke, parts);
                    return;
                }
            }
            finally
            {
                Gate.Exit();
            }
        }
        for (int part = 0; part < parts; part++)
        {
            if (owner is null)
            {
                invoke(context, part);
            }
            else
            {
                owner.Run(part);
            }
        }
    }

    private static void Dispatch(void* context, PartsOwner? owner, delegate*<void*, int, void> invoke, int parts)
    {
        int helpers = Math.Min(s_count, parts) - 1;
        while (s_started < helpers)
        {
            int number = s_started++;
            new Thread(() => Work(number)) { IsBackground = true, Name = $"Engine worker {number + 1}" }.Start();
        }
        Shared.Busy = true;
        Shared.Context = context;
        Shared.Owner = owner;
        Shared.Invoke = invoke;
        Shared.Parts = parts;
        Shared.Next = 0;
        long generation = (Shared.State >> 32) + 1;
        Interlocked.Exchange(ref Shared.State, (generation << 32) | Open | ((long)helpers << 16));
        if (Volatile.Read(ref Shared.Parked) > 0)
        {
            lock (Shared)
            {
                Monitor.PulseAll(Shared);
            }
        }
        Claim();
        // closing the door: a worker that has not woken by now is not waited for
        Interlocked.And(ref Shared.State, ~Open);
        SpinWait wait = default;
        while ((Volatile.Read(ref Shared.State) & ActiveMask) != 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
        Shared.Owner = null;
        Shared.Busy = false;
        if (Interlocked.Exchange(ref Shared.Failure, null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static void Invoke<TParts>(void* context, int part) where TParts : unmanaged, IParts => Unsafe.AsRef<TParts>(context).Run(part);

    private static void Invoke(void* context, int part) => Shared.Owner!.Run(part);

    /// <summary>Does parts until there are none. What a part throws (a user's rule may) reaches the caller of the work, on whichever thread it ran; the parts not begun are given up.</summary>
    private static void Claim()
    {
        try
        {
            int part;
            while ((part = Interlocked.Increment(ref Shared.Next) - 1) < Shared.Parts)
            {
                Shared.Invoke(Shared.Context, part);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref Shared.Failure, exception, null);
            Volatile.Write(ref Shared.Next, int.MaxValue / 2);
        }
    }

    private static void Work(int number)
    {
        long seen = 0;
        while (true)
        {
            seen = Await(seen);
            if (Join(seen, number))
            {
                Claim();
                Interlocked.Decrement(ref Shared.State);
            }
        }
    }

    /// <summary>Counts this worker in, if the work of that generation is still open and wants that many helpers.</summary>
    private static bool Join(long generation, int number)
    {
        long state = Volatile.Read(ref Shared.State);
        while (state >> 32 == generation && (state & Open) != 0 && number < ((state >> 16) & HelpersMask))
        {
            long before = Interlocked.CompareExchange(ref Shared.State, state + 1, state);
            if (before == state)
            {
                return true;
            }
            state = before;
        }
        return false;
    }

    /// <summary>Spins, then parks, until there is a generation other than <paramref name="seen"/>.</summary>
    private static long Await(long seen)
    {
        for (int spin = 0; spin < Spins; spin++)
        {
            long generation = Volatile.Read(ref Shared.State) >> 32;
            if (generation != seen)
            {
                return generation;
            }
            Thread.SpinWait(1);
        }
        lock (Shared)
        {
            Interlocked.Increment(ref Shared.Parked);
            while (Volatile.Read(ref Shared.State) >> 32 == seen)
            {
                Monitor.Wait(Shared);
            }
            Interlocked.Decrement(ref Shared.Parked);
            return Volatile.Read(ref Shared.State) >> 32;
        }
    }

    /// <summary>What caller and workers share; the hot counters stand on cache lines of their own.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 640)]
    private sealed class Control
    {
        [System.Runtime.InteropServices.FieldOffset(128)] public long State; // generation, open, helpers wanted, workers inside
        [System.Runtime.InteropServices.FieldOffset(384)] public int Parked;
        [System.Runtime.InteropServices.FieldOffset(256)] public int Next;
        [System.Runtime.InteropServices.FieldOffset(512)] public void* Context;
        [System.Runtime.InteropServices.FieldOffset(520)] public delegate*<void*, int, void> Invoke;
        [System.Runtime.InteropServices.FieldOffset(528)] public int Parts;
        [System.Runtime.InteropServices.FieldOffset(536)] public bool Busy;
        [System.Runtime.InteropServices.FieldOffset(544)] public PartsOwner? Owner;
        [System.Runtime.InteropServices.FieldOffset(552)] public Exception? Failure;
    }
}
