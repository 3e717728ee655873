using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A piece of work that can be cut into parts, which may run in any order and on any thread. It holds pointers, not references: it lives on the caller's stack.</summary>
internal interface IParts
{
    /// <summary>Does part number <paramref name="part"/>.</summary>
    void Run(int part);
}

/// <summary>
/// The worker threads: they spin for some microseconds waiting for work, then park. A hand-off to a spinning worker costs about
/// 0.5 µs and allocates nothing. Parts are claimed one by one, so the result may not depend on who does which part.
/// </summary>
internal static unsafe class Workers
{
    /// <summary>How often a worker looks for new work before it parks: some 50 µs.</summary>
    private const int Spins = 2000;

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
        if (parts > 1 && s_count > 1 && Gate.TryEnter())
        {
            try
            {
                if (!Shared.Busy)
                {
                    Dispatch(ref work, parts);
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
            work.Run(part);
        }
    }

    private static void Dispatch<TParts>(ref TParts work, int parts) where TParts : unmanaged, IParts
    {
        int helpers = Math.Min(s_count, parts) - 1;
        while (s_started < helpers)
        {
            int number = s_started++;
            new Thread(() => Work(number)) { IsBackground = true, Name = $"Engine worker {number + 1}" }.Start();
        }
        fixed (TParts* context = &work)
        {
            Shared.Busy = true;
            Shared.Context = context;
            Shared.Invoke = &Invoke<TParts>;
            Shared.Parts = parts;
            Shared.Next = 0;
            Shared.Helpers = helpers;
            Volatile.Write(ref Shared.Running, helpers);
            Interlocked.Increment(ref Shared.Generation);
            if (Volatile.Read(ref Shared.Parked) > 0)
            {
                lock (Shared)
                {
                    Monitor.PulseAll(Shared);
                }
            }
            Claim();
            SpinWait wait = default;
            while (Volatile.Read(ref Shared.Running) > 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
            Shared.Busy = false;
        }
    }

    private static void Invoke<TParts>(void* context, int part) where TParts : unmanaged, IParts => Unsafe.AsRef<TParts>(context).Run(part);

    private static void Claim()
    {
        int part;
        while ((part = Interlocked.Increment(ref Shared.Next) - 1) < Shared.Parts)
        {
            Shared.Invoke(Shared.Context, part);
        }
    }

    private static void Work(int number)
    {
        int seen = 0;
        while (true)
        {
            seen = Await(seen);
            if (number < Shared.Helpers)
            {
                Claim();
                Interlocked.Decrement(ref Shared.Running);
            }
        }
    }

    /// <summary>Spins, then parks, until there is a generation other than <paramref name="seen"/>.</summary>
    private static int Await(int seen)
    {
        for (int spin = 0; spin < Spins; spin++)
        {
            int generation = Volatile.Read(ref Shared.Generation);
            if (generation != seen)
            {
                return generation;
            }
            Thread.SpinWait(1);
        }
        lock (Shared)
        {
            Interlocked.Increment(ref Shared.Parked);
            while (Volatile.Read(ref Shared.Generation) == seen)
            {
                Monitor.Wait(Shared);
            }
            Interlocked.Decrement(ref Shared.Parked);
            return Shared.Generation;
        }
    }

    /// <summary>What caller and workers share; the hot counters stand on cache lines of their own.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 640)]
    private sealed class Control
    {
        [System.Runtime.InteropServices.FieldOffset(128)] public int Generation;
        [System.Runtime.InteropServices.FieldOffset(132)] public int Parked;
        [System.Runtime.InteropServices.FieldOffset(256)] public int Next;
        [System.Runtime.InteropServices.FieldOffset(384)] public int Running;
        [System.Runtime.InteropServices.FieldOffset(512)] public void* Context;
        [System.Runtime.InteropServices.FieldOffset(520)] public delegate*<void*, int, void> Invoke;
        [System.Runtime.InteropServices.FieldOffset(528)] public int Parts;
        [System.Runtime.InteropServices.FieldOffset(532)] public int Helpers;
        [System.Runtime.InteropServices.FieldOffset(536)] public bool Busy;
    }
}
