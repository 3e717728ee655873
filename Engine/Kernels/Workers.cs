using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Engine.Kernels;

/// <summary>The worker threads, which run the tasks of parallel work together with the calling thread.</summary>
/// <remarks>
/// A worker spins for some microseconds waiting for work, then parks. A hand-off to a spinning worker takes about 0.5 µs and allocates
/// nothing. Each thread begins with its own part of the tasks, the same in every call: what it wrote in the last call is still in the
/// caches of its core. Then it helps the others, so a result must not depend on which thread runs which task.
/// </remarks>
internal static unsafe class Workers
{
    /// <summary>How many times a worker checks for work before it parks: about 50 µs.</summary>
    private const int Spins = 2000;

    /// <summary>The bit fields of <see cref="Control.State"/> below the generation.</summary>
    private const long Open = 1L << 31, WantedMask = 0x7FFF, ActiveMask = 0xFFFF;

    /// <summary>
    /// The distance between two counters, so that they are never on the same cache line, nor on two that the processor fetches as a pair.
    /// </summary>
    private const int Stride = 32;

    private static readonly Lock Gate = new();
    private static readonly Control Shared = new();
    private static int s_count = Environment.ProcessorCount;
    private static int s_started;

    /// <summary>The next task of each part; the first counter is apart from the array's length, which everybody reads.</summary>
    private static int[] s_next = [];

    /// <summary>The number of threads that share the work, including the caller; results do not depend on it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 or above 1024.</exception>
    public static int Count
    {
        get => s_count;
        set
        {
            if (value is < 1 or > 1024)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture, $"Workers.Count: got {value}, expected 1 to 1024 threads."));
            }
            lock (Gate)
            {
                s_count = value;
            }
        }
    }

    /// <summary>Runs all tasks and returns when the last has finished.</summary>
    /// <remarks>A call from within a task, or while the workers serve another thread, runs on the calling thread alone.</remarks>
    public static void Run<TWork>(ref TWork work, int tasks) where TWork : unmanaged, IParallelWork
    {
        fixed (TWork* context = &work)
        {
            Run(context, null, &Invoke<TWork>, tasks);
        }
    }

    /// <inheritdoc cref="Run{TWork}(ref TWork, int)"/>
    public static void Run(ParallelWork work, int tasks) => Run(null, work, &Invoke, tasks);

    private static void Run(void* context, ParallelWork? work, delegate*<void*, int, void> invoke, int tasks)
    {
        if (tasks > 1 && s_count > 1 && Gate.TryEnter())
        {
            try
            {
                if (!Shared.Busy)
                {
                    Dispatch(context, work, invoke, tasks);
                    return;
                }
            }
            finally
            {
                Gate.Exit();
            }
        }
        for (int task = 0; task < tasks; task++)
        {
            if (work is null)
            {
                invoke(context, task);
            }
            else
            {
                work.Run(task);
            }
        }
    }

    private static void Dispatch(void* context, ParallelWork? work, delegate*<void*, int, void> invoke, int tasks)
    {
        int workers = Math.Min(s_count, tasks) - 1;
        while (s_started < workers)
        {
            StartWorker(s_started++);
        }
        if (s_next.Length < (workers + 2) * Stride)
        {
            s_next = new int[(workers + 2) * Stride];
        }
        Shared.Busy = true;
        Shared.Context = context;
        Shared.Work = work;
        Shared.Invoke = invoke;
        Shared.Tasks = tasks;
        Shared.Parts = workers + 1;
        for (int part = 0; part < Shared.Parts; part++)
        {
            Next(part) = Begin(part);
        }
        long generation = (Shared.State >> 32) + 1;
        Interlocked.Exchange(ref Shared.State, (generation << 32) | Open | ((long)workers << 16));
        if (Volatile.Read(ref Shared.Parked) > 0)
        {
            WakeWorkers();
        }
        RunTasks(0);
        // close the work: a worker that has not joined by now is not waited for
        Interlocked.And(ref Shared.State, ~Open);
        for (int waits = 0; (Volatile.Read(ref Shared.State) & ActiveMask) != 0; waits++)
        {
            Pause(waits);
        }
        Shared.Work = null;
        Shared.Busy = false;
        if (Interlocked.Exchange(ref Shared.Failure, null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Waits a moment, but not by SpinWait, which sleeps now and then, and a sleep can be interrupted.</summary>
    private static void Pause(int waits)
    {
        if (waits < 10)
        {
            Thread.SpinWait(1 << waits / 2);
        }
        else
        {
            Thread.Yield();
        }
    }

    private static void StartWorker(int number)
    {
        Thread worker = new(() => RunWorker(number)) { IsBackground = true, Name = $"Engine worker {number + 1}" };
        try
        {
            worker.Start();
        }
        catch (ThreadInterruptedException)
        {
            // it has been started: the interrupt only ended the wait for its first sign of life, and is kept for the next call that blocks
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <summary>
    /// Wakes the parked workers without a call that <see cref="Thread.Interrupt"/> could end: this thread must not leave its frame while
    /// workers read it. An interrupt stays pending for the next call of the user's that blocks.
    /// </summary>
    private static void WakeWorkers()
    {
        for (int waits = 0; !Monitor.TryEnter(Shared); waits++)
        {
            Pause(waits);
        }
        Monitor.PulseAll(Shared);
        Monitor.Exit(Shared);
    }

    private static void Invoke<TWork>(void* context, int task)
        where TWork : unmanaged, IParallelWork => Unsafe.AsRef<TWork>(context).Run(task);

    private static void Invoke(void* context, int task) => Shared.Work!.Run(task);

    /// <summary>The first task of a part.</summary>
    private static int Begin(int part) => (int)((long)part * Shared.Tasks / Shared.Parts);

    private static ref int Next(int part) => ref s_next[(part + 1) * Stride];

    /// <summary>
    /// Claims and runs tasks until none is left, those of the thread's own part first. An exception (a user's rule may throw) is passed on
    /// to the caller of <c>Run</c>, whichever thread it was thrown on, and tasks that have not started are dropped.
    /// </summary>
    private static void RunTasks(int own)
    {
        int parts = Shared.Parts;
        try
        {
            for (int i = 0; i < parts; i++)
            {
                int part = (own + i) % parts, end = Begin(part + 1), task;
                ref int next = ref Next(part);
                while ((task = Interlocked.Increment(ref next) - 1) < end)
                {
                    Shared.Invoke(Shared.Context, task);
                }
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref Shared.Failure, exception, null);
            for (int part = 0; part < parts; part++)
            {
                Volatile.Write(ref Next(part), int.MaxValue / 2);
            }
        }
    }

    private static void RunWorker(int number)
    {
        long seen = 0;
        while (true)
        {
            seen = Await(seen);
            if (Join(seen, number))
            {
                RunTasks(number + 1);
                Interlocked.Decrement(ref Shared.State);
            }
        }
    }

    /// <summary>Joins the work of that generation, if it is still open and has asked for a worker of this number.</summary>
    private static bool Join(long generation, int number)
    {
        long state = Volatile.Read(ref Shared.State);
        while (state >> 32 == generation && (state & Open) != 0 && number < ((state >> 16) & WantedMask))
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

    /// <summary>Spins, then parks, until the generation is no longer <paramref name="seen"/>; returns the new one.</summary>
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

    /// <summary>The state that caller and workers share, with each contended field on a cache line of its own.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 640)]
    private sealed class Control
    {
        [System.Runtime.InteropServices.FieldOffset(128)] public long State; // generation, open, workers wanted, workers joined
        [System.Runtime.InteropServices.FieldOffset(384)] public int Parked;
        [System.Runtime.InteropServices.FieldOffset(512)] public void* Context;
        [System.Runtime.InteropServices.FieldOffset(520)] public delegate*<void*, int, void> Invoke;
        [System.Runtime.InteropServices.FieldOffset(528)] public int Tasks;
        [System.Runtime.InteropServices.FieldOffset(532)] public int Parts;
        [System.Runtime.InteropServices.FieldOffset(536)] public bool Busy;
        [System.Runtime.InteropServices.FieldOffset(544)] public ParallelWork? Work;
        [System.Runtime.InteropServices.FieldOffset(552)] public Exception? Failure;
    }
}
